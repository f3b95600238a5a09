/**
 * The use cases on a simulated host, against a model, by the thousand.
 *
 * <p><b>What is real and what is not.</b> Use cases, settling, start, doctor and sweeps are the
 * code under test, and so is PostgreSQL with its constraints and triggers. The host is {@link
 * io.joblet.storage.simulation.SimulatedHost}: directories, subvolumes, images, quota groups and
 * mounts in memory, which do what {@code HostOperation} promises and share no code with {@code
 * LinuxHost}. Time passes for the sweeps when it is told to ({@link
 * io.joblet.storage.simulation.SweepTime}). No commands are run, and nobody calls by network.
 *
 * <p><b>A history</b> ({@link io.joblet.storage.simulation.History}) comes from one number. It is a
 * few rounds of one to three clients at the same time, each with a {@link
 * io.joblet.storage.simulation.Step}, on few enough names that they meet. Between rounds hours may
 * pass.
 *
 * <p><b>Request ids.</b> Most histories give ids to some of their steps, through the real {@code
 * Requests}, and have some asked again ({@link io.joblet.storage.simulation.Requested}): after an
 * answer, a refusal, a death, or at the same time. What is drawn for that comes from a stream of
 * its own, so a seed without ids is the history that it was before there were any, and those that a
 * test keeps say which they mean. A world knows what is answered. A repeat of that changes nothing
 * and hears the same, ids included; any other is done like a new one. Table {@code request} has
 * what the world has answered and nothing else. Histories are shorter than the day for which an
 * answer is kept. Two with the same id wait for each other here and not in {@code Requests}, whose
 * lock nobody's turn could go past.
 *
 * <p>What settling finishes after a death is answered too: nothing is done under an id without its
 * answer, also where a caller was told that it failed.
 *
 * <p><b>Turns.</b> The clients of a round run one at a time ({@link
 * io.joblet.storage.simulation.Turns}); who goes on is drawn before and after every operation on
 * the host and every transaction. Waiting for a lock is a turn given away, and when all wait it is
 * a deadlock that is reported. So the number decides the interleaving too. What is between two of
 * these points is not interrupted: races within the database, or between two statements in memory,
 * are not looked for here.
 *
 * <p><b>Fate</b> ({@link io.joblet.storage.simulation.Fate}) has for a round, and for every start,
 * one of: nothing; an operation on the host that fails with EBUSY, EIO, ENOSPC or EPERM or meets an
 * obstacle, before or after its effect, perhaps with some of those that follow, undos included; a
 * transaction that is refused, or committed without the answer; death at one of the points. After
 * death a new {@link io.joblet.storage.simulation.Life} is made of nothing but rows and host,
 * sometimes after a reboot that takes all mounts and processes, and the start may die too.
 *
 * <p><b>Power cuts</b> come with a death and between rounds ({@link
 * io.joblet.storage.simulation.PowerCuts}). What no sync has made durable is then as it was ({@link
 * io.joblet.storage.simulation.StableStorage}); rows are never lost. What may be back although
 * nobody was told of it, {@link io.joblet.storage.simulation.Returned} says.
 *
 * <p><b>The model</b> ({@link io.joblet.storage.simulation.World}, {@link
 * io.joblet.storage.simulation.Model}) is what should be: volumes with name, size, protection and
 * whether in the trash, jobs, attachments, answers. It knows when a step has to be refused and what
 * it does otherwise. As clients overlap, and fate takes answers away, it keeps all worlds that may
 * be ({@link io.joblet.storage.simulation.Outcomes}): after a round, those that some order of its
 * steps explains together with every answer. None left is a violation. What was answered is in all
 * of them; what was refused is in none; a failed creation, attachment or preparation has left
 * nothing. A refusal needs a reason in the model, but for a client that meets another one, or
 * something that is not settled yet.
 *
 * <p><b>The comparison.</b> When nothing is in between, or after what is has been settled: no row
 * is transitional; the rows are one of the possible worlds; the host has exactly what the rows say
 * and nothing else ({@link io.joblet.storage.simulation.Checks}), and no data was made anew; what
 * is claimed of memory and pool is the sum of the rows. At the end, each volume's events and
 * operations tell its life.
 *
 * <p>A history that fails is replayed, made shorter as long as it still fails, and printed with all
 * it did. {@link io.joblet.storage.simulation.Flaw} puts mistakes in, which have to be found.
 */
package io.joblet.storage.simulation;
