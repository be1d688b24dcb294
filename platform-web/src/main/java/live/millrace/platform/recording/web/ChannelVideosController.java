// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.Access;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.VideoAccess;
import live.millrace.platform.recording.VideoCards;
import live.millrace.platform.recording.VideoView;
import live.millrace.platform.recording.Videos;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** A channel's videos, as a page and as a feed. */
@Controller
class ChannelVideosController {
    /** Whole rows, whether two, three, four or six are abreast. */
    private static final int PAGE = 24;

    private static final int FED = 20;

    /** Of these one is told how to see them. */
    private static final List<Visibility> OFFERED =
            List.of(Visibility.REGISTERED, Visibility.FOLLOWERS, Visibility.PASSWORD);

    private static final String NAME = "/{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}";

    private final Channels channels;
    private final Videos videos;
    private final VideoCards cards;
    private final VideoAccess access;
    private final Follows follows;
    private final SiteAddress address;

    ChannelVideosController(
            Channels channels,
            Videos videos,
            VideoCards cards,
            VideoAccess access,
            Follows follows,
            SiteAddress address) {
        this.channels = channels;
        this.videos = videos;
        this.cards = cards;
        this.access = access;
        this.follows = follows;
        this.address = address;
    }

    private ChannelView channel(String name) {
        return channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @GetMapping(NAME + "/videos")
    String page(
            @PathVariable String name,
            @RequestParam(required = false) @Nullable String before,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        ChannelView channel = channel(name);
        if (!channel.name().equals(name)) {
            return "redirect:/" + channel.name() + "/videos";
        }
        List<VideoView> page = videos.ofChannel(
                channel.id(), access.listed(channel, principal), Optional.ofNullable(before), PAGE + 1);
        List<VideoView> shown = page.stream().limit(PAGE).toList();
        model.addAttribute("channel", channel);
        model.addAttribute("cards", cards.of(shown));
        model.addAttribute("access", page.isEmpty() ? wayIn(channel, principal).orElse(null) : null);
        model.addAttribute("older", page.size() > PAGE ? shown.getLast().id() : null);
        model.addAttribute("newest", before == null);
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        model.addAttribute("feed", address.originFor(request) + "/" + channel.name() + "/videos.atom");
        return "video/list";
    }

    /** What somebody who is shown nothing is told to do: where all of the channel asks for that, or something that it recorded. */
    private Optional<Access> wayIn(ChannelView channel, @Nullable AccountPrincipal person) {
        return Stream.concat(
                        Stream.of(channel.visibility()),
                        OFFERED.stream()
                                .filter(one -> !videos.ofChannel(channel.id(), Set.of(one), Optional.empty(), 1)
                                        .isEmpty()))
                .map(visibility -> access.closed(channel, visibility, person))
                .filter(Access::toldOf)
                .findFirst();
    }

    /** The newest public ones that are whole, for readers of feeds. */
    @GetMapping(NAME + "/videos.atom")
    @ResponseBody
    ResponseEntity<byte[]> feed(@PathVariable String name, HttpServletRequest request) {
        ChannelView channel = channel(name);
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_ATOM_XML)
                .body(VideoFeed.of(
                        channel,
                        cards.of(
                                videos
                                        .ofChannel(channel.id(), Set.of(Visibility.PUBLIC), Optional.empty(), FED)
                                        .stream()
                                        .filter(video -> !video.recording())
                                        .toList()),
                        address.originFor(request)));
    }
}
