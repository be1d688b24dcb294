// SPDX-License-Identifier: Apache-2.0
/**
 * Payload formats, one for each codec: frames to RTP payloads and back, and what a session description says of them. The only protocol
 * package that sees frames. {@link live.millrace.media.protocol.rtp.payload.PayloadFormats} knows them all.
 */
@NullMarked
package live.millrace.media.protocol.rtp.payload;

import org.jspecify.annotations.NullMarked;
