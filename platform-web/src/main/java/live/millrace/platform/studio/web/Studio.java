// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import java.util.List;
import java.util.Set;
import live.millrace.platform.channel.ChannelView;

/**
 * Whose studio a page is.
 *
 * @param channel what the page is about, always one of whoever is signed in
 * @param channels all that they have, the own one first
 * @param several whether there are more, or could be
 * @param live the names of those that are on air
 */
public record Studio(ChannelView channel, List<ChannelView> channels, boolean several, Set<String> live) {
    /** Where its pages begin. */
    public String path() {
        return pathOf(channel);
    }

    /** Where a channel's pages begin. The own one needs no name: its addresses are in everybody's bookmarks. */
    public String pathOf(ChannelView one) {
        return one.own() ? "/studio" : "/studio/@" + one.name();
    }

    String redirect(String rest) {
        return "redirect:" + path() + rest;
    }
}
