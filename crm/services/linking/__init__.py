"""Who is who: tokens, bind codes and matches that make one customer of several ids."""
