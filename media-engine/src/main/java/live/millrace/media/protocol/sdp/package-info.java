// SPDX-License-Identifier: Apache-2.0
/**
 * Session descriptions (RFC 8866), as far as RTSP and WebRTC need them: media, payload formats, attributes. It knows no codec.
 */
@NullMarked
package live.millrace.media.protocol.sdp;

import org.jspecify.annotations.NullMarked;
