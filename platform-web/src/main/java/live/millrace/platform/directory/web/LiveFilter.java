// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import java.util.Comparator;
import java.util.List;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.live.LiveCard;

/**
 * What somebody wants to see of who is live; all of it stands in the address.
 *
 * @param category a slug; empty for all
 * @param language a code; empty for all
 * @param sort {@code newest}, else by viewers
 */
public record LiveFilter(String category, String language, String sort) {
    private static final Comparator<LiveCard> NEWEST =
            Comparator.comparing(LiveCard::startedAt).reversed();

    public boolean any() {
        return !category.isEmpty() || !language.isEmpty() || !sort.isEmpty();
    }

    List<LiveCard> of(List<LiveCard> live) {
        var kept = live.stream()
                .filter(card -> category.isEmpty() || inCategory(card, category))
                .filter(card -> language.isEmpty() || card.channel().language().equals(language));
        return (sort.equals("newest") ? kept.sorted(NEWEST) : kept).toList();
    }

    static boolean inCategory(LiveCard card, String slug) {
        CategoryView category = card.channel().category();
        return category != null && category.slug().equals(slug);
    }
}
