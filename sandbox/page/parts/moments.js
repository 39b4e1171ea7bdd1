// Dates and times as the phone writes them, all at UTC+8.

// The shop's zone has no summer time, so a fixed shift is exact.
const SHIFT_MS = 8 * 3600 * 1000;
const DAY_MS = 24 * 3600 * 1000;
const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
// WeChat shows a new time line after five minutes of silence.
export const GROUP_MS = 5 * 60 * 1000;

const two = (number) => String(number).padStart(2, "0");

/** Calendar fields of an instant (epoch ms) in the shop's zone. */
export function wall(ms) {
  const date = new Date(ms + SHIFT_MS);
  return {
    year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate(),
    hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds(), weekday: date.getUTCDay(),
  };
}

export function instant(year, month, day, hour = 0, minute = 0) {
  return Date.UTC(year, month - 1, day, hour, minute) - SHIFT_MS;
}

export function clockTime(ms) {
  const at = wall(ms);
  return `${two(at.hour)}:${two(at.minute)}`;
}

export function clockSeconds(ms) {
  return `${clockTime(ms)}:${two(wall(ms).second)}`;
}

export function longDate(ms) {
  const at = wall(ms);
  return `${at.year}年${at.month}月${at.day}日 ${WEEKDAYS[at.weekday].replace("星期", "周")}`;
}

export function shortDate(ms) {
  const at = wall(ms);
  return `${at.month}月${at.day}日 ${clockTime(ms)}`;
}

export function iso(ms) {
  const at = wall(ms);
  return `${at.year}-${two(at.month)}-${two(at.day)}T${two(at.hour)}:${two(at.minute)}:${two(at.second)}+08:00`;
}

/** The value of a datetime-local field, in the shop's zone. */
export const fieldValue = (ms) => iso(ms).slice(0, 16);

const dayNumber = (ms) => Math.floor((ms + SHIFT_MS) / DAY_MS);

/** The grey line above a group of messages: "10:00", "昨天 10:00", "星期二 10:00", "11月21日 10:00" … */
export function groupLabel(ms, now) {
  const days = dayNumber(now) - dayNumber(ms);
  const at = wall(ms);
  const time = clockTime(ms);
  if (days === 0) return time;
  if (days === 1) return `昨天 ${time}`;
  if (days > 1 && days < 7) return `${WEEKDAYS[at.weekday]} ${time}`;
  const day = `${at.month}月${at.day}日 ${time}`;
  return at.year === wall(now).year ? day : `${at.year}年${day}`;
}

/** The right-hand time of a row in the list of chats. */
export function listLabel(ms, now) {
  const label = groupLabel(ms, now);
  return dayNumber(ms) === dayNumber(now) ? label : label.replace(/ \d\d:\d\d$/, "");
}

/** The next 8th at 10:00 strictly after `now`: when member day's messages fall due. */
export function nextMemberDay(now) {
  const at = wall(now);
  const here = instant(at.year, at.month, 8, 10);
  return here > now ? here : instant(at.year, at.month + 1, 8, 10);
}
