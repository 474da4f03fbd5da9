/**
 * Which days are over retention: {@link dev.throughline.storage.retention.RetentionRule} is pure, {@link
 * dev.throughline.storage.retention.RetentionStateFile} keeps what it remembers, {@link
 * dev.throughline.storage.retention.RetentionClock} is its view of time.
 *
 * <p><b>Time.</b> No date and no wall clock deletes anything: for a minute ahead by years it would delete everything. What counts is the
 * time that was seen to pass since a day got its youngest record: that of the system since boot, which goes on while this process or the
 * whole machine sleeps, told apart by the id of the boot and kept in {@code <data>/store/retention}. What passes while the machine is off
 * is not seen; each boot is granted up to a day of it, as far as the wall clock has gone on. A machine that was off for longer keeps
 * what it had before longer by the rest, never more; days that come later are not concerned, so that nothing stays for ever. Where the
 * wall clock moves by more than a day otherwise, that is told until it is right again, or for seven days.
 *
 * <p><b>Days.</b> A day ages from the last run at which it was the wall clock's day or had got records, whatever its date is: those that
 * were received under a wrong clock are kept for their full time and not for ever. Only days that ended since
 * the last run end with their date, where the clock has gone on as the time did.
 *
 * <p><b>Beginning.</b> Without a state a run deletes nothing and begins one. Days that are there are taken for as old as the number
 * of days after them that have records, minus the last; a gap of a week or more begins anew, because it may be a clock that jumped.
 * What a clock that was wrong by less did before the state was lost is not seen.
 * Nothing is deleted before the state is a day old (audit: seven). A state that cannot be used is replaced by one that deletes nothing
 * for seven days, and that is told.
 *
 * <p><b>Audit</b> is deleted when two runs a day of observed time apart find it over retention. <b>A policy that shortens
 * retention</b> is told when it is taken, with what it would delete, and holds after a day of observed time, for audit after seven;
 * until then the longer one does. A longer one holds at once.
 *
 * <p><b>Units.</b> Times are milliseconds, days are days since 1970-01-01 (UTC). <b>Threads.</b> All of it is the caller's.
 */
@NullMarked
package dev.throughline.storage.retention;

import org.jspecify.annotations.NullMarked;
