// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.StreamLanguages;
import live.millrace.platform.directory.RecentChannels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The home page: who is live. */
@Controller
class HomeController {
    private static final int PAGE = 48;

    /** With fewer than this, one list says it all. */
    private static final int ROWS_FROM = 9;

    private static final int ROW = 5;
    private static final int ROWS = 8;
    private static final int RECENT = 8;

    /**
     * Some cards under a heading.
     *
     * @param more where all of them are
     */
    public record Row(String title, String more, List<LiveCard> cards) {}

    private final Broadcasting broadcasting;
    private final Categories categories;
    private final Follows follows;
    private final RecentChannels recent;

    HomeController(Broadcasting broadcasting, Categories categories, Follows follows, RecentChannels recent) {
        this.broadcasting = broadcasting;
        this.categories = categories;
        this.follows = follows;
        this.recent = recent;
    }

    @GetMapping("/")
    String home(
            @RequestParam(defaultValue = "") String category,
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "") String sort,
            @RequestParam(defaultValue = "1") int page,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            Locale locale,
            Model model) {
        LiveFilter filter = new LiveFilter(category, language, sort);
        List<LiveCard> all = broadcasting.directory().live();
        List<LiveCard> live = filter.of(all);
        int first = Math.clamp(page - 1L, 0, 1_000) * PAGE;
        List<CategoryView> known = categories.all();
        model.addAttribute("filter", filter);
        model.addAttribute("categories", known);
        model.addAttribute("languages", StreamLanguages.ALL);
        model.addAttribute("anyLive", !all.isEmpty());
        model.addAttribute("live", live.stream().skip(first).limit(PAGE).toList());
        model.addAttribute("page", first / PAGE + 1);
        model.addAttribute("more", live.size() > first + PAGE);
        boolean plain = !filter.any() && first == 0;
        model.addAttribute("rows", plain && all.size() >= ROWS_FROM ? rows(all, known, locale) : List.of());
        Set<Long> followed = principal == null || !plain || all.size() < ROWS_FROM
                ? Set.of()
                : follows.followedBy(principal.accountId());
        model.addAttribute(
                "followed",
                all.stream()
                        .filter(card -> followed.contains(card.channel().id()))
                        .limit(ROW)
                        .toList());
        model.addAttribute("recent", all.isEmpty() ? recent.last(RECENT) : List.<ChannelView>of());
        return "directory/home";
    }

    private static List<Row> rows(List<LiveCard> live, List<CategoryView> categories, Locale locale) {
        List<Row> rows = new ArrayList<>();
        List<LiveCard> own = live.stream()
                .filter(card -> card.channel().language().equals(locale.getLanguage()))
                .limit(ROW)
                .toList();
        if (!own.isEmpty()) {
            rows.add(new Row("", "/?language=" + locale.getLanguage(), own));
        }
        for (CategoryView category : categories) {
            List<LiveCard> cards = live.stream()
                    .filter(card -> LiveFilter.inCategory(card, category.slug()))
                    .limit(ROW)
                    .toList();
            if (!cards.isEmpty() && rows.size() < ROWS) {
                rows.add(new Row(category.name(locale), "/categories/" + category.slug(), cards));
            }
        }
        return rows;
    }
}
