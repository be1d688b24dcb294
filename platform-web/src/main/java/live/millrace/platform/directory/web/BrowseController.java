// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Tags;
import live.millrace.platform.directory.ChannelSearch;
import live.millrace.platform.directory.SearchWords;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import live.millrace.platform.recording.VideoCard;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.WellFormed;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Pages that gather channels: by category, by tag, by what somebody typed or follows. */
@Controller
class BrowseController {
    private static final int SHOWN = 60;
    private static final int OTHERS = 8;
    private static final int VIDEOS = 12;
    private static final int MAX_QUERY = 80;

    /** A category and how many are live in it. */
    public record CategoryTile(CategoryView category, long live, long viewers) {}

    private final Broadcasting broadcasting;
    private final Categories categories;
    private final Follows follows;
    private final ChannelSearch search;
    private final Videos videos;
    private final VideoCards cards;
    private final ShownLive shown;

    BrowseController(
            Broadcasting broadcasting,
            Categories categories,
            Follows follows,
            ChannelSearch search,
            Videos videos,
            VideoCards cards,
            ShownLive shown) {
        this.broadcasting = broadcasting;
        this.categories = categories;
        this.follows = follows;
        this.search = search;
        this.videos = videos;
        this.cards = cards;
        this.shown = shown;
    }

    @GetMapping("/categories")
    String categories(Model model) {
        List<LiveCard> live = broadcasting.directory().live();
        model.addAttribute(
                "tiles",
                categories.all().stream().map(category -> tile(category, live)).toList());
        return "directory/categories";
    }

    private static CategoryTile tile(CategoryView category, List<LiveCard> live) {
        List<LiveCard> own = live.stream()
                .filter(card -> LiveFilter.inCategory(card, category.slug()))
                .toList();
        return new CategoryTile(
                category, own.size(), own.stream().mapToLong(LiveCard::viewers).sum());
    }

    @GetMapping("/categories/{slug}")
    String category(@PathVariable String slug, Locale locale, Model model) {
        CategoryView category =
                categories.find(slug).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        model.addAttribute("heading", category.name(locale));
        model.addAttribute("category", category);
        return gathered(
                broadcasting.directory().live().stream()
                        .filter(card -> LiveFilter.inCategory(card, slug))
                        .toList(),
                search.ofCategory(category.id(), SHOWN),
                model);
    }

    @GetMapping("/tags/{tag}")
    String tag(@PathVariable String tag, Model model) {
        String normalized = Tags.normalize(tag).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        model.addAttribute("heading", "#" + normalized);
        return gathered(
                broadcasting.directory().live().stream()
                        .filter(card -> card.channel().tags().contains(normalized))
                        .toList(),
                search.tagged(normalized, SHOWN),
                model);
    }

    private static String gathered(List<LiveCard> live, List<ChannelView> channels, Model model) {
        Set<Long> shown = live.stream().map(card -> card.channel().id()).collect(Collectors.toSet());
        model.addAttribute("live", live);
        model.addAttribute("viewers", live.stream().mapToLong(LiveCard::viewers).sum());
        model.addAttribute(
                "offline",
                channels.stream()
                        .filter(channel -> !shown.contains(channel.id()))
                        .toList());
        return "directory/gathered";
    }

    @GetMapping("/search")
    String search(@RequestParam(defaultValue = "") String q, Locale locale, HttpServletRequest request, Model model) {
        String typed = q.strip();
        String asked = WellFormed.cut(typed, MAX_QUERY);
        List<ChannelView> found = asked.isEmpty() ? List.of() : search.find(asked, shown.channels(request), SHOWN);
        Map<Long, LiveCard> live = live();
        List<LiveCard> liveFound = new ArrayList<>();
        List<ChannelView> offline = new ArrayList<>();
        Map<Long, LiveCard> all = with(live, request);
        for (ChannelView channel : found) {
            Optional.ofNullable(all.get(channel.id())).ifPresentOrElse(liveFound::add, () -> offline.add(channel));
        }
        List<CategoryView> named = named(asked);
        // Whoever typed a category and no channel is shown who is in it.
        boolean categoriesAlone = found.isEmpty() && !named.isEmpty();
        if (categoriesAlone) {
            Set<String> slugs = named.stream().map(CategoryView::slug).collect(Collectors.toSet());
            live.values().stream()
                    .filter(card -> slugs.stream().anyMatch(slug -> LiveFilter.inCategory(card, slug)))
                    .limit(SHOWN)
                    .forEach(liveFound::add);
            model.addAttribute(
                    "tiles",
                    named.stream()
                            .map(category -> tile(category, List.copyOf(live.values())))
                            .toList());
        }
        model.addAttribute("asked", asked);
        model.addAttribute("live", liveFound);
        model.addAttribute("offline", offline);
        model.addAttribute("tags", asked.isEmpty() ? List.of() : search.tags(asked, 10));
        model.addAttribute("categories", categoriesAlone ? List.of() : named);
        List<VideoCard> kept = cards.of(videos.search(asked, VIDEOS));
        model.addAttribute("videos", kept);
        model.addAttribute("nothing", found.isEmpty() && named.isEmpty() && kept.isEmpty());
        model.addAttribute("known", categories.all());
        return "directory/search";
    }

    /** In either language. */
    private List<CategoryView> named(String asked) {
        String folded = SearchWords.fold(asked);
        return categories.all().stream()
                .filter(category -> !folded.isEmpty()
                        && (SearchWords.fold(category.nameEn()).contains(folded)
                                || SearchWords.fold(category.nameZh()).contains(folded)))
                .toList();
    }

    /** Strangers are told what they would find here. */
    @GetMapping("/following")
    String following(
            @AuthenticationPrincipal @Nullable AccountPrincipal principal, HttpServletRequest request, Model model) {
        Map<Long, LiveCard> live = live();
        List<LiveCard> theirs = shown.live(request);
        Set<Long> limited = theirs.stream().map(card -> card.channel().id()).collect(Collectors.toSet());
        List<LiveCard> liveNow = new ArrayList<>(theirs);
        List<ChannelView> offline = new ArrayList<>();
        for (ChannelView channel :
                principal == null ? List.<ChannelView>of() : follows.channelsFollowedBy(principal.accountId())) {
            if (limited.contains(channel.id())) {
                continue;
            }
            Optional.ofNullable(live.get(channel.id()))
                    .ifPresentOrElse(
                            liveNow::add,
                            () -> offline.add(channel.visibility().listed() ? channel : channel.withheld()));
        }
        model.addAttribute("live", liveNow);
        model.addAttribute("offline", offline);
        model.addAttribute(
                "videos",
                principal == null
                        ? List.of()
                        : cards.of(videos.ofChannels(follows.followedBy(principal.accountId()), VIDEOS)));
        model.addAttribute(
                "others",
                live.values().stream()
                        .filter(card -> !liveNow.contains(card)
                                && (principal == null || card.channel().accountId() != principal.accountId()))
                        .limit(OTHERS)
                        .toList());
        return "directory/following";
    }

    /** By channel, the most watched first. */
    private Map<Long, LiveCard> with(Map<Long, LiveCard> live, HttpServletRequest request) {
        Map<Long, LiveCard> all = new HashMap<>(live);
        shown.live(request).forEach(card -> all.put(card.channel().id(), card));
        return all;
    }

    private Map<Long, LiveCard> live() {
        return broadcasting.directory().live().stream()
                .collect(Collectors.toMap(
                        card -> card.channel().id(), Function.identity(), (a, _) -> a, LinkedHashMap::new));
    }
}
