// SPDX-License-Identifier: Apache-2.0
/**
 * DTLS 1.2 (RFC 6347) as WebRTC uses it: to agree upon the keys of SRTP (RFC 5764), between peers that know each other's certificates by
 * their fingerprints (RFC 8122). The records are Bouncy Castle's.
 */
@org.jspecify.annotations.NullMarked
package live.millrace.media.protocol.dtls;
