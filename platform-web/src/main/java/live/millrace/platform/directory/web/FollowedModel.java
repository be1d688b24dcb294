// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory.web;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.live.LiveCard;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What pages with lists know of whoever looks at them. */
@ControllerAdvice(assignableTypes = {HomeController.class, BrowseController.class})
class FollowedModel {
    private static final int RAIL = 20;

    /** A followed channel at the side of the home page. */
    public record RailEntry(ChannelView channel, boolean live, int viewers) {}

    private final Follows follows;
    private final Broadcasting broadcasting;

    FollowedModel(Follows follows, Broadcasting broadcasting) {
        this.follows = follows;
        this.broadcasting = broadcasting;
    }

    @ModelAttribute("followedIds")
    @Nullable
    Set<Long> followedIds(@AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        return principal == null ? null : follows.followedBy(principal.accountId());
    }

    @ModelAttribute("railChannels")
    List<RailEntry> rail(@AuthenticationPrincipal @Nullable AccountPrincipal principal) {
        if (principal == null) {
            return List.of();
        }
        Map<Long, LiveCard> live = broadcasting.directory().live().stream()
                .collect(Collectors.toMap(card -> card.channel().id(), Function.identity(), (a, _) -> a));
        return follows.channelsFollowedBy(principal.accountId()).stream()
                .map(channel -> {
                    LiveCard card = live.get(channel.id());
                    return new RailEntry(channel, card != null, card == null ? 0 : card.viewers());
                })
                .sorted(Comparator.comparing(RailEntry::live)
                        .reversed()
                        .thenComparing(
                                Comparator.comparingInt(RailEntry::viewers).reversed()))
                .limit(RAIL)
                .toList();
    }
}
