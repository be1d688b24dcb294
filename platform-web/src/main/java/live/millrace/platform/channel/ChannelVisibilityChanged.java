// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** Others may see a channel's broadcasts from now on, or fewer. Published in the transaction that changes it. */
public record ChannelVisibilityChanged(long channelId, String name, Visibility before, Visibility visibility) {
    /** Whether some may see it now who could not before. */
    public boolean widened() {
        return !visibility.within(before);
    }
}
