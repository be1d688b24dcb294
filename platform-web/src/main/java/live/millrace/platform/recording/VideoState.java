// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

/** What there is of a video. */
public enum VideoState {
    /** Its broadcast goes on, or may. */
    RECORDING,
    READY,
    /** Ready, with stretches that were not kept. */
    READY_WITH_GAPS
}
