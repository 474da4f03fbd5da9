/**
 * Which days are over retention: {@link dev.throughline.storage.retention.RetentionRule} is pure, {@link
 * dev.throughline.storage.retention.RetentionStateFile} keeps what it remembers, {@link
 * dev.throughline.storage.retention.RetentionClock} is its view of time.
 *
 * <p><b>Time.</b> The wall clock alone deletes nothing: for a minute ahead by years it would delete everything. Retention has a time
 * of its own, which follows the wall clock and is kept in {@code <data>/store/retention}. It begins at the wall clock, but not later
 * than the day after the newest day that has records. From then on it advances by the time that has surely passed (the system's time
 * since boot, which goes on while this process or the whole machine sleeps; told apart by the id of the boot), and never beyond the
 * wall clock. What passes while the machine is off is not seen: each boot may bring a day, and while retention's time is behind the wall
 * clock it advances by a quarter faster. It never goes back; while the wall clock is behind it, it waits.
 *
 * <p><b>Days.</b> A day is over retention when its base is: its own date, unless it appeared long after or before that date by
 * retention's time (a clock that was wrong), when it is the day it was first seen. So records that were received under a wrong clock
 * are kept for their full time and not for ever. Only what a clock that is a little behind adds to a day that is there goes with
 * that day.
 *
 * <p><b>Audit</b> is deleted when two runs a day of seen time apart find it over retention. <b>A policy that shortens
 * retention</b> is told in the log at once with what it would delete, and holds after a day of seen time, for audit after seven;
 * until then the longer one does. A longer one holds at once.
 *
 * <p><b>Units.</b> Times are milliseconds, days are days since 1970-01-01 (UTC). <b>Threads.</b> All of it is the caller's.
 */
@NullMarked
package dev.throughline.storage.retention;

import org.jspecify.annotations.NullMarked;
