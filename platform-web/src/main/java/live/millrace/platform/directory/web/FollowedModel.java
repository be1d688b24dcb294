// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What pages with lists know of whoever looks at them. */
@ControllerAdvice(
        assignableTypes = {HomeController.class, BrowseController.class, ChannelPageController.class},
        basePackages = {
            "live.millrace.platform.notification.web",
            "live.millrace.platform.recording.web",
            "live.millrace.platform.site.web"
        })
class FollowedModel {
    /** Followed channels at the side of a page. */
    private static final int FOLLOWED = 20;

    /** Others that are live, below them. */
    private static final int OTHERS = 12;

    /**
     * A channel at the side of the page.
     *
     * @param limited it is not for everybody: what everybody is told of who is live says nothing of it
     */
    public record RailEntry(ChannelView channel, boolean live, int viewers, boolean limited) {}

    /** Whom the page shows at its side: the followed, those who are live first, then others who are live. */
    public record Rail(List<RailEntry> followed, List<RailEntry> others) {}

    private final Follows follows;
    private final Broadcasting broadcasting;
    private final MediaAddresses addresses;
    private final ShownLive shown;

    FollowedModel(Follows follows, Broadcasting broadcasting, MediaAddresses addresses, ShownLive shown) {
        this.follows = follows;
        this.broadcasting = broadcasting;
        this.addresses = addresses;
        this.shown = shown;
    }

    @ModelAttribute("followedIds")
    @Nullable
    Set<Long> followedIds(HttpServletRequest request, @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        return principal == null || request.getRequestURI().startsWith("/api/")
                ? null
                : follows.followedBy(principal.accountId());
    }

    /** Where streams are, with a star for the channel's name. */
    @ModelAttribute("media")
    String media(HttpServletRequest request) {
        return addresses.hls(request, "*");
    }

    /** Null for programs. */
    @ModelAttribute("rail")
    @Nullable
    Rail rail(HttpServletRequest request, @AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        if (request.getRequestURI().startsWith("/api/")) {
            return null;
        }
        List<LiveCard> live = broadcasting.directory().live();
        List<RailEntry> followed =
                principal == null ? List.of() : followed(principal.accountId(), live, shown.live(request));
        Set<Long> shown = followed.stream().map(entry -> entry.channel().id()).collect(Collectors.toSet());
        List<RailEntry> others = live.stream()
                .filter(card -> !shown.contains(card.channel().id()))
                .limit(OTHERS)
                .map(card -> new RailEntry(card.channel(), true, card.viewers(), false))
                .toList();
        return new Rail(followed, others);
    }

    private List<RailEntry> followed(long accountId, List<LiveCard> live, List<LiveCard> theirs) {
        Map<Long, LiveCard> cards =
                live.stream().collect(Collectors.toMap(card -> card.channel().id(), Function.identity(), (a, _) -> a));
        Set<Long> limited = theirs.stream().map(card -> card.channel().id()).collect(Collectors.toSet());
        return Stream.concat(
                        theirs.stream().map(card -> new RailEntry(card.channel(), true, card.viewers(), true)),
                        follows.channelsFollowedBy(accountId).stream()
                                .filter(channel -> !limited.contains(channel.id()))
                                .map(channel -> channel.visibility().listed() ? channel : channel.withheld())
                                .map(channel -> {
                                    LiveCard card = cards.get(channel.id());
                                    return new RailEntry(
                                            channel, card != null, card == null ? 0 : card.viewers(), false);
                                }))
                .sorted(Comparator.comparing(RailEntry::live)
                        .reversed()
                        .thenComparing(
                                Comparator.comparingInt(RailEntry::viewers).reversed()))
                .limit(FOLLOWED)
                .toList();
    }
}
