// SPDX-License-Identifier: Apache-2.0
/**
 * How peers of WebRTC agree: offers and answers (RFC 3264, RFC 8829, RFC 9429) of one bundle, for an agent that is ICE-lite (RFC 8445 §2.5)
 * and answers only.
 */
@NullMarked
package live.millrace.media.protocol.webrtc;

import org.jspecify.annotations.NullMarked;
