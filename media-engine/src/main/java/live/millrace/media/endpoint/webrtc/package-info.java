// SPDX-License-Identifier: Apache-2.0
/** WebRTC: browsers and encoders publish by WHIP (RFC 9725), over one port of UDP. */
@NullMarked
package live.millrace.media.endpoint.webrtc;

import org.jspecify.annotations.NullMarked;
