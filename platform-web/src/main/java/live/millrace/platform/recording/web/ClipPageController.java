// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.recording.ClipCard;
import live.millrace.platform.recording.ClipDesk;
import live.millrace.platform.recording.ClipView;
import live.millrace.platform.recording.RecordingRules;
import live.millrace.platform.recording.VideoSocial;
import live.millrace.platform.recording.internal.videos.VideoViews;
import live.millrace.platform.shared.SiteAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;
import tools.jackson.databind.json.JsonMapper;

/** A clip's page, and what its maker and those who run its channel do there; its player alone; and that somebody watched it. */
@Controller
class ClipPageController {
    private final FoundClip clips;
    private final ClipDesk desk;
    private final VideoViews views;
    private final Follows follows;
    private final RecordingRules rules;
    private final TicketedMedia media;
    private final SiteAddress address;
    private final JsonMapper json;

    ClipPageController(
            FoundClip clips,
            ClipDesk desk,
            VideoViews views,
            Follows follows,
            RecordingRules rules,
            TicketedMedia media,
            SiteAddress address,
            JsonMapper json) {
        this.clips = clips;
        this.desk = desk;
        this.views = views;
        this.follows = follows;
        this.rules = rules;
        this.media = media;
        this.address = address;
        this.json = json;
    }

    @GetMapping("/clips/{clip}")
    String page(
            @PathVariable String clip,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        try {
            return page(clips.find(clip, principal), principal, request, model);
        } catch (LockedException locked) {
            return locked.page("/clips/" + clip, request.getParameter("password"), model);
        }
    }

    private String page(
            FoundClip.Found found, @Nullable AccountPrincipal principal, HttpServletRequest request, Model model) {
        ChannelView channel = found.channel();
        show(found, request, model);
        model.addAttribute("found", found);
        model.addAttribute(
                "follows",
                principal != null
                        && follows.since(principal.accountId(), channel.id()).isPresent());
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute(
                "download", rules.of(channel.id()).downloads() || found.runs() ? file(found, request) : null);
        return "video/clip";
    }

    private String address(FoundClip.Found found, HttpServletRequest request, String path) {
        return media.video(request, found.channel(), found.clip().shown(), path);
    }

    private String file(FoundClip.Found found, HttpServletRequest request) {
        String range = found.clip().range();
        return address(
                found,
                request,
                found.clip().recording() + ".mp4?" + (range.isEmpty() ? "" : range + "&") + "download=1");
    }

    private void show(FoundClip.Found found, HttpServletRequest request, Model model) {
        ClipView clip = found.clip();
        ClipCard card = new ClipCard(clip, found.channel());
        String range = clip.range();
        String playlist =
                address(found, request, clip.recording() + "/index.m3u8" + (range.isEmpty() ? "" : "?" + range));
        model.addAttribute("clip", clip);
        model.addAttribute("card", card);
        model.addAttribute("channel", found.channel());
        model.addAttribute("playlist", playlist);
        model.addAttribute("ticket", media.topic(request, found.channel()));
        model.addAttribute("cdn", media.cdn(request, found.channel()));
        model.addAttribute(
                "social", clip.shown().open() ? VideoSocial.of(card, address.originFor(request), json) : null);
        model.addAttribute("noindex", clip.shown() != Visibility.PUBLIC);
        model.addAttribute("island", island(clip, playlist));
    }

    /** As JSON that may stand in a script element. */
    private String island(ClipView clip, String playlist) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", clip.id());
        told.put("clip", true);
        told.put("playlist", playlist);
        told.put("startedAt", clip.startedAt().toString());
        told.put("durationMillis", clip.durationMillis());
        told.put("view", "/clips/" + clip.id() + "/view");
        // Nothing in it can end the script element that it stands in.
        return json.writeValueAsString(told)
                .replace("<", "\\u003c")
                .replace(">", "\\u003e")
                .replace("&", "\\u0026");
    }

    /** The player alone. It knows nobody: no cookie reaches a frame of another site. */
    @GetMapping("/embed/clips/{clip}")
    String embed(@PathVariable String clip, HttpServletRequest request, Model model) {
        show(clips.find(clip, null), request, model);
        return "video/clip-embed";
    }

    @PostMapping("/clips/{clip}")
    String rename(
            @PathVariable String clip,
            @RequestParam(defaultValue = "") String title,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        FoundClip.Found found = clips.renamed(clip, principal);
        Optional<String> against = desk.rename(clip, title);
        if (against.isPresent()) {
            model.addAttribute("typed", title);
            return refused(found, "titleError", against.get(), principal, request, response, model);
        }
        return "redirect:/clips/" + clip + "?saved#manage";
    }

    @PostMapping("/clips/{clip}/visibility")
    String show(
            @PathVariable String clip,
            @RequestParam(required = false) @Nullable Visibility visibility,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        FoundClip.Found found = clips.decided(clip, principal);
        if (visibility == null) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST);
        }
        Optional<String> against = clips.show(clip, principal, visibility, reason);
        return against.isPresent()
                ? refused(found, "shownError", against.get(), principal, request, response, model)
                : "redirect:/clips/" + clip + "?saved#manage";
    }

    @PostMapping("/clips/{clip}/delete")
    String delete(
            @PathVariable String clip,
            @RequestParam(defaultValue = "") String reason,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        FoundClip.Found found = clips.find(clip, principal);
        Optional<String> against = clips.delete(clip, principal, reason);
        return against.isPresent()
                ? refused(found, "reasonError", against.get(), principal, request, response, model)
                : "redirect:/" + found.channel().name() + "/clips?deleted";
    }

    private String refused(
            FoundClip.Found found,
            String where,
            String key,
            AccountPrincipal principal,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        model.addAttribute(where, key);
        response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
        return page(found, principal, request, model);
    }

    /** Told by the page's script after some seconds of watching; counted once for each who watches, and day. */
    @PostMapping("/clips/{clip}/view")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void view(
            @PathVariable String clip,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request) {
        ClipView seen = clips.find(clip, principal).clip();
        String remote = String.valueOf(request.getRemoteAddr());
        views.countClip(
                seen.id(),
                principal == null
                        ? remote + "\n" + request.getHeader("User-Agent")
                        : Long.toString(principal.accountId()),
                remote);
    }
}
