// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.delivery;

/** How an attempt went. Reasons are shown in the console: no secrets, no mail addresses. */
public sealed interface Outcome {
    /** It is done. */
    record Done() implements Outcome {}

    /** Nobody wants it any more; nothing to be looked at. */
    record Gone() implements Outcome {}

    /** Not now; again in a while, each time later, and parked in the end. */
    record Later(String why) implements Outcome {}

    /** No further attempt would help: it is parked until somebody has looked. */
    record Never(String why) implements Outcome {}

    Outcome DONE = new Done();
    Outcome GONE = new Gone();
}
