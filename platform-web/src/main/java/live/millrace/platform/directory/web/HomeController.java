// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.camera.Cameras;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.StreamLanguages;
import live.millrace.platform.directory.RecentChannels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The home page: who is live. */
@Controller
class HomeController {
    /** Whole rows, whether two, three, four, five or six are abreast. */
    private static final int PAGE = 60;

    /** A shelf of its own looks like a mistake with fewer. */
    private static final int SHELF_FROM = 4;

    private static final int SHELF = 8;
    private static final int RECENT = 8;
    private static final int VIDEOS = 8;
    private static final int CAMERAS = 8;

    private final Broadcasting broadcasting;
    private final Categories categories;
    private final Follows follows;
    private final RecentChannels recent;
    private final Videos videos;
    private final VideoCards cards;
    private final SiteSettings settings;
    private final ShownLive shown;
    private final Cameras cameras;

    HomeController(
            Broadcasting broadcasting,
            Categories categories,
            Follows follows,
            RecentChannels recent,
            Videos videos,
            VideoCards cards,
            SiteSettings settings,
            ShownLive shown,
            Cameras cameras) {
        this.broadcasting = broadcasting;
        this.categories = categories;
        this.follows = follows;
        this.recent = recent;
        this.videos = videos;
        this.cards = cards;
        this.settings = settings;
        this.shown = shown;
        this.cameras = cameras;
    }

    @GetMapping("/")
    String home(
            @RequestParam(defaultValue = "") String category,
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "") String sort,
            @RequestParam(defaultValue = "1") int page,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        LiveFilter filter = new LiveFilter(category, language, sort);
        List<LiveCard> all = broadcasting.directory().live();
        List<LiveCard> live = filter.of(all);
        int first = Math.clamp(page - 1L, 0, 1_000) * PAGE;
        boolean plain = !filter.any();
        LiveCard hero = plain ? hero(all, settings.text(Setting.HOME_HERO)) : null;
        List<LiveCard> theirs = shown.live(request);
        List<LiveCard> followed =
                plain && principal != null ? followed(live, hero, theirs, principal.accountId()) : List.of();
        // On the first page; they are missing from the pages after it too, so that nobody is skipped.
        Set<Long> above = Stream.concat(Stream.ofNullable(hero), followed.stream())
                .map(card -> card.channel().id())
                .collect(Collectors.toSet());
        List<LiveCard> rest = live.stream()
                .filter(card -> !above.contains(card.channel().id()))
                .toList();
        boolean top = plain && first == 0;
        model.addAttribute("filter", filter);
        model.addAttribute("categories", liveCategories(all, category));
        model.addAttribute("languages", liveLanguages(all, language));
        model.addAttribute("anyLive", !all.isEmpty() || !theirs.isEmpty());
        model.addAttribute("hero", top ? hero : null);
        model.addAttribute("invited", invited(theirs, principal));
        model.addAttribute("followed", top ? followed : List.<LiveCard>of());
        model.addAttribute("live", rest.stream().skip(first).limit(PAGE).toList());
        model.addAttribute("page", first / PAGE + 1);
        model.addAttribute("more", rest.size() > first + PAGE);
        model.addAttribute("videos", top ? cards.of(videos.recent(VIDEOS)) : List.<VideoCard>of());
        List<Cameras.Resting> resting = top ? cameras.resting(CAMERAS) : List.of();
        model.addAttribute("cameras", resting);
        model.addAttribute(
                "recent",
                top
                        ? offline(all).stream()
                                .filter(channel -> resting.stream()
                                        .noneMatch(one -> one.channel().id() == channel.id()))
                                .toList()
                        : List.<ChannelView>of());
        return "directory/home";
    }

    /**
     * The channel that an admin chose, or the most watched; of those that everybody may see at once. It plays by itself, and what is fetched would
     * be for as long as a home page is open somewhere.
     */
    static @Nullable LiveCard hero(List<LiveCard> live, String chosen) {
        List<LiveCard> able = live.stream()
                .filter(card -> !card.channel().mature() && !card.fetched())
                .toList();
        return able.stream()
                .filter(card -> card.channel().name().equalsIgnoreCase(chosen))
                .findFirst()
                .orElse(able.isEmpty() ? null : able.getFirst());
    }

    /** Followed channels as a shelf of their own, when there are enough, or some that are nowhere else on the page. */
    private List<LiveCard> followed(
            List<LiveCard> live, @Nullable LiveCard hero, List<LiveCard> theirs, long accountId) {
        Set<Long> ids = follows.followedBy(accountId);
        List<LiveCard> followed = Stream.concat(
                        theirs.stream(),
                        live.stream()
                                .filter(card -> !card.equals(hero)
                                        && ids.contains(card.channel().id())))
                .limit(SHELF)
                .toList();
        return theirs.isEmpty() && followed.size() < SHELF_FROM ? List.of() : followed;
    }

    /** Whether somebody is shown what they do not follow. */
    private boolean invited(List<LiveCard> theirs, @Nullable AccountPrincipal principal) {
        if (theirs.isEmpty() || principal == null) {
            return false;
        }
        Set<Long> ids = follows.followedBy(principal.accountId());
        return theirs.stream().anyMatch(card -> !ids.contains(card.channel().id()));
    }

    /** In which somebody is live, and the one that is chosen. */
    private List<CategoryView> liveCategories(List<LiveCard> live, String chosen) {
        return categories.all().stream()
                .filter(category -> category.slug().equals(chosen)
                        || live.stream().anyMatch(card -> LiveFilter.inCategory(card, category.slug())))
                .toList();
    }

    /** In which somebody is live, and the one that is chosen; nothing to choose from is nothing. */
    private static List<String> liveLanguages(List<LiveCard> live, String chosen) {
        Set<String> spoken =
                live.stream().map(card -> card.channel().language()).collect(Collectors.toSet());
        List<String> languages = StreamLanguages.ALL.stream()
                .filter(code -> spoken.contains(code) || code.equals(chosen))
                .toList();
        return languages.size() < 2 && chosen.isEmpty() ? List.of() : languages;
    }

    private List<ChannelView> offline(List<LiveCard> live) {
        Set<Long> ids = live.stream().map(card -> card.channel().id()).collect(Collectors.toSet());
        return recent.last(RECENT + PAGE).stream()
                .filter(channel -> !ids.contains(channel.id()))
                .limit(RECENT)
                .toList();
    }
}
