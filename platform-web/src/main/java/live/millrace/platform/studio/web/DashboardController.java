// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import live.millrace.platform.audience.TicketedMedia;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.channel.StreamLanguages;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.LiveView;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.SiteAddress;
import live.millrace.platform.studio.AttemptsEvent;
import live.millrace.platform.studio.EncoderEvent;
import live.millrace.platform.studio.StreamHistory;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The studio's first page: what the broadcast is about, how it runs, what people say. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class DashboardController {
    private final Descriptions descriptions;
    private final CameraPage cameras;
    private final StreamKeys keys;
    private final Engine engine;
    private final Broadcasting broadcasting;
    private final TicketedMedia media;
    private final StreamHistory history;
    private final SiteAddress site;
    private final KeptBroadcast kept;
    private final Channels channels;

    DashboardController(
            Descriptions descriptions,
            CameraPage cameras,
            StreamKeys keys,
            Engine engine,
            Broadcasting broadcasting,
            TicketedMedia media,
            StreamHistory history,
            SiteAddress site,
            KeptBroadcast kept,
            Channels channels) {
        this.descriptions = descriptions;
        this.cameras = cameras;
        this.keys = keys;
        this.engine = engine;
        this.broadcasting = broadcasting;
        this.media = media;
        this.history = history;
        this.site = site;
        this.kept = kept;
        this.channels = channels;
    }

    /** What the form holds. */
    public record InfoForm(String title, String category, String tags, String language, boolean mature) {
        static InfoForm of(ChannelView channel) {
            return new InfoForm(
                    channel.title(),
                    Optional.ofNullable(channel.category())
                            .map(CategoryView::slug)
                            .orElse(""),
                    String.join(", ", channel.tags()),
                    channel.language(),
                    channel.mature());
        }
    }

    @GetMapping
    String dashboard(Studio studio, HttpServletRequest request, Model model) {
        return page(studio.channel(), InfoForm.of(studio.channel()), null, request, model);
    }

    private String page(
            ChannelView channel, InfoForm form, @Nullable String titleError, HttpServletRequest request, Model model) {
        model.addAttribute("form", form);
        model.addAttribute("titleError", titleError);
        model.addAttribute("categories", descriptions.categories());
        model.addAttribute("languages", StreamLanguages.ALL);
        model.addAttribute("anyKey", !keys.ofChannel(channel.id()).isEmpty());
        Optional<LiveView> live = engine.live(channel.name());
        model.addAttribute("encoder", EncoderEvent.of(live, history));
        model.addAttribute("hlsUrl", media.kept(request, channel));
        model.addAttribute("ticket", media.topic(request, channel));
        model.addAttribute("instant", media.instant());
        model.addAttribute("shown", channel.visibility());
        model.addAttribute("shownOnce", channels.shownAfter(channel.id()).isPresent());
        model.addAttribute("pageUrl", site.originFor(request) + "/" + channel.name());
        model.addAttribute(
                "poster",
                live.flatMap(view -> broadcasting.thumbnail(view.broadcastId())).orElse(null));
        model.addAttribute(
                "attempts",
                AttemptsEvent.of(broadcasting.attempts(channel.id(), request.getRemoteAddr()))
                        .attempts());
        model.addAttribute("past", broadcasting.past(channel, 3));
        cameras.of(channel, model);
        kept.show(channel, model.getAttribute("camera") != null, model);
        return "studio/dashboard";
    }

    @PostMapping("/info")
    String describe(
            Studio studio,
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String category,
            @RequestParam(defaultValue = "") String tags,
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "false") boolean mature,
            HttpServletRequest request,
            HttpServletResponse response,
            Model model) {
        Optional<String> error =
                descriptions.describe(studio.channel(), title, category, List.of(tags), language, mature);
        if (error.isPresent()) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(
                    studio.channel(),
                    new InfoForm(Descriptions.oneLine(title), category, tags, language, mature),
                    error.get(),
                    request,
                    model);
        }
        return studio.redirect("?saved#info");
    }
}
