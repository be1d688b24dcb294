// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A stream key may not publish for a while. */
public record StreamKeyBlocked(long keyId) {}
