/** Numbers, units, times and ages as people read them. Locale and zone are given, so that all of it is pure. */

import { gettext, interpolate } from "./i18n.js";

// The rules of apps/core/quantities.py, for codes that come from the API.
const SIGNS = {
  Cel: "℃", "[degF]": "℉", deg: "°", Ohm: "Ω", By: "B", har: "ha", "B[SPL]": "B", "dB[SPL]": "dB", "[ppth]": "‰",
  "[mi_i]": "mi", "[ft_i]": "ft", "[in_i]": "in", "[yd_i]": "yd", "[nmi_i]": "n mile", "[kn_i]": "kn", "[lb_av]": "lb",
  "[oz_av]": "oz", "[acr_us]": "acre", "m[H2O]": "mH₂O", "mm[H2O]": "mmH₂O", "cm[H2O]": "cmH₂O",
};
const COUNTED = { vehicle: () => gettext("veh"), veh: () => gettext("veh") };
const ALONE = { s: () => gettext("s"), min: () => gettext("min"), h: () => gettext("h"), d: () => gettext("d"), wk: () => gettext("wk") };
const TOKEN = /\{([^}]*)\}|10[*^](-?\d+)|((?:[A-Za-z%'"_]|\[[^\]]*\])+)(-?\d*)|(.)/g;
const raised = (digits) => digits.replace(/[-\d]/g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]));

function sign(_match, counted, ten, name, power, other) {
  if (counted !== undefined) return COUNTED[counted]?.() ?? "";
  if (ten !== undefined) return `10${raised(ten)}`;
  if (name === undefined) return other === "." ? "·" : other;
  return (SIGNS[name] ?? name.replace(/^u(?=[A-Za-z])/, "μ").replace(/[[\]]/g, "")) + raised(power);
}

/** @param {string} code UCUM @returns {string} What people write for it: μg/m³, ℃, dB; "" for the unit 1. */
export function unitText(code = "") {
  if (ALONE[code]) return ALONE[code]();
  const text = code.replace(TOKEN, sign);
  return text === "1" || text.startsWith("1/") ? text.slice(1) : text;
}

/** Formatters of one locale and zone. */
export function formats(locale, zone) {
  const make = (options) => new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options });
  const clock = make({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const minute = make({ hour: "2-digit", minute: "2-digit" });
  const day = make({ year: "numeric", month: locale.startsWith("zh") ? "long" : "short", day: "numeric" });
  const numeral = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const fixed = [0, 1, 2, 3].map((digits) => new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const signed = new Intl.NumberFormat(locale, { signDisplay: "exceptZero", maximumFractionDigits: 1 });
  const sameDay = (a, b) => day.format(a) === day.format(b);
  return {
    clock: (ms) => clock.format(ms),
    minute: (ms) => minute.format(ms),
    day: (ms) => day.format(ms),
    /** The time alone on the same day, otherwise with its date. */
    stamp: (ms, now) => (sameDay(ms, now) ? minute.format(ms) : `${day.format(ms)} ${minute.format(ms)}`),
    tenths: (value) => tenths.format(value),
    /** A reading with the decimals of its kind; "" for none. */
    reading: (value, digits) => (value === null || value === undefined ? "" : (fixed[digits] ?? numeral).format(value)),
    /** A difference from what is usual: "−35 %" or "+2.1 ℃". */
    apart: ({ apart, isShare }, unit) => (isShare ? `${signed.format(Math.round(100 * apart))} %` : `${signed.format(apart)} ${unit}`.trim()),
    number: (value) => (value === null || value === undefined ? "" : numeral.format(value)),
  };
}

/** @param {number} seconds @returns {string} An age in the largest unit that fits. */
export function ageText(seconds) {
  if (seconds < 60) return interpolate(gettext("%(count)s s"), { count: seconds });
  if (seconds < 3600) return interpolate(gettext("%(count)s min"), { count: Math.floor(seconds / 60) });
  if (seconds < 86_400) return interpolate(gettext("%(count)s h"), { count: Math.floor(seconds / 3600) });
  return interpolate(gettext("%(count)s d"), { count: Math.floor(seconds / 86_400) });
}

/** @returns {string} A feed's state in words: live, delayed n s, stale since hh:mm, paused. */
export function feedText({ state, seconds }, now, stamp) {
  const since = () => stamp(now - seconds * 1000, now);
  const texts = {
    live: () => gettext("Live"),
    delayed: () => interpolate(gettext("Delayed %(age)s"), { age: ageText(seconds) }),
    stale: () => interpolate(gettext("Stale since %(time)s"), { time: since() }),
    paused: () => gettext("Paused"),
    offline: () => gettext("Reconnecting"),
    none: () => gettext("No data"),
    refused: () => gettext("No permission"),
  };
  return texts[state]();
}
