"""WeChat and WeCom played on this machine: real protocol, real limits, a movable clock and two phones to look at."""
