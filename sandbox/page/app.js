// The sandbox's page: two phones, a clock, a log. This file only puts the parts together.
//
// data-testid marks (tests drive the page by them):
//   clock, clock-moved, clock-8th, clock-hour, clock-day, clock-year, clock-field, clock-set, clock-reset
//   connection, theme, toast, pane-customer, pane-advisor, pane-calls (the switch on a narrow window)
//   customer-phone, persona-customer, tab-oa, tab-contact, tab-kf, unread-oa, unread-contact, unread-kf,
//   customer-title, customer-back, customer-more, customer-messages, customer-foot, open-oa, open-contact, open-kf,
//   home-scan, follow-card, follow, add-card, customer-input, customer-send, customer-voice, customer-keyboard,
//   customer-smile, customer-menu-toggle, customer-menu, menu-item, plus, photo, location, scan, unfollow, delete-friend
//   advisor-phone, persona-advisor, unread-advisors, advisor-title, advisor-back, advisor-messages, open-wecom,
//   advisor-input, advisor-send, advisor-voice, advisor-keyboard, advisor-smile, advisor-plus, advisor-photo,
//   advisor-location
//   sheet, confirm, persona-option, persona-search, stranger-name, stranger-add, place-option, code-option
//   message (data-type, data-from, data-id), tap, typing, card, card-button (data-key), card-select, card-option,
//   card-action, card-done, mass-task, mass-confirm, mass-done
//   call-log, calls, call (data-error), calls-errors, calls-toggle

import { AdvisorPhone } from "./parts/advisor-phone.js";
import { CallLog } from "./parts/call-log.js";
import { CustomerPhone } from "./parts/customer-phone.js";
import { followLive } from "./parts/live.js";
import { setUpPanes } from "./parts/panes.js";
import { Store } from "./parts/store.js";
import { Topbar } from "./parts/topbar.js";

const place = (id) => document.getElementById(id);

const store = new Store();
const topbar = new Topbar(place("topbar"), store);
const customer = new CustomerPhone(place("customer-pane"), store);
const advisor = new AdvisorPhone(place("advisor-pane"), store);
new CallLog(place("calls-pane"), store);
setUpPanes(place("pane-switch"), store, { customer, advisor });
setInterval(() => [topbar, customer.frame, advisor.frame].forEach((part) => part.tick()), 1000);
followLive(store);
