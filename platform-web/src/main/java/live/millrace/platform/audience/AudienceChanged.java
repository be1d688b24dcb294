// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience;

/**
 * Whoever may see a channel is to be looked at anew: somebody may not any more, or may. Published in the transaction that changes it;
 * what watches is looked at after that.
 */
public record AudienceChanged(long channelId) {}
