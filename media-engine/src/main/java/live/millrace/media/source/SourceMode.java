// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

/** When a source is at work. */
public enum SourceMode {
    /** While somebody watches or records. */
    ON_DEMAND,
    /** From its making to its end. */
    ALWAYS
}
