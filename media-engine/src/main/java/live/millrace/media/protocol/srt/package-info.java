// SPDX-License-Identifier: Apache-2.0
/**
 * SRT, live mode, handshake version 5 (draft-sharabayko-srt-01): packets, handshakes, keys, and the two halves of a conversation. State
 * machines without sockets and clocks: time comes as a parameter, in microseconds. {@link live.millrace.media.protocol.srt.SrtConversation}
 * is what holds the parts together.
 */
@NullMarked
package live.millrace.media.protocol.srt;

import org.jspecify.annotations.NullMarked;
