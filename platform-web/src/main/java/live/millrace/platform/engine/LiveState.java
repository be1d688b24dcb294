// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.engine;

/** What a channel's page shows. */
public enum LiveState {
    OFFLINE,
    /** An encoder is there, a picture not yet. */
    STARTING,
    LIVE,
    RECONNECTING,
    /** It was live a moment ago. */
    ENDED
}
