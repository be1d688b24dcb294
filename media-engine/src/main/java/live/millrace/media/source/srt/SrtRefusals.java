// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source.srt;

import live.millrace.media.source.SourceFailure;

/** What a refusal of SRT means to those who can mend it. */
final class SrtRefusals {
    /** Codes of servers, which some send as they are and most with 1000 more, as libsrt does. */
    private static final int OF_SERVERS = 1_400;

    private static final int MORE = 1_000;

    private SrtRefusals() {}

    /**
     * Says it.
     *
     * @param wire the type of the handshake that refuses
     */
    static SourceFailure meaning(int wire) {
        return switch (wire >= OF_SERVERS && wire < OF_SERVERS + 600 ? wire + MORE : wire) {
            // another passphrase, or one side without; unauthorized, forbidden
            case 1_010, 1_011, 2_401, 2_403 -> SourceFailure.WRONG_LOGIN;
            // the server's program refuses without saying why; a stream id that it cannot read, or does not know
            case 1_002, 2_400, 2_404, 2_405 -> SourceFailure.NOT_FOUND;
            // no room, too many waiting, closing, no answer in time; overloaded, not now
            case 1_003, 1_005, 1_007, 1_016, 2_402, 2_423, 2_500, 2_503 -> SourceFailure.UNREACHABLE;
            default -> SourceFailure.PROTOCOL;
        };
    }
}
