// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel;

/** A channel as other features see it. */
public record ChannelView(long id, long accountId, String name, String title, String description) {
    /** What to call it where a title is wanted. */
    public String displayTitle() {
        return title.isBlank() ? name : title;
    }
}
