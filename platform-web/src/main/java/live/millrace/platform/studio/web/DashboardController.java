// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.BroadcastInfo;
import live.millrace.platform.channel.Categories;
import live.millrace.platform.channel.CategoryView;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.StreamKeys;
import live.millrace.platform.channel.StreamLanguages;
import live.millrace.platform.channel.Tags;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.studio.EncoderEvent;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The studio's first page: what the broadcast is about, how it runs, what people say. */
@Controller
class DashboardController {
    private final Channels channels;
    private final Categories categories;
    private final StreamKeys keys;
    private final Engine engine;
    private final Broadcasting broadcasting;

    DashboardController(
            Channels channels, Categories categories, StreamKeys keys, Engine engine, Broadcasting broadcasting) {
        this.channels = channels;
        this.categories = categories;
        this.keys = keys;
        this.engine = engine;
        this.broadcasting = broadcasting;
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

    @GetMapping("/studio")
    String dashboard(@AuthenticationPrincipal AccountPrincipal principal, Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        return page(channel, InfoForm.of(channel), null, model);
    }

    private String page(ChannelView channel, InfoForm form, @Nullable String titleError, Model model) {
        model.addAttribute("channel", channel);
        model.addAttribute("form", form);
        model.addAttribute("titleError", titleError);
        model.addAttribute("categories", categories.all());
        model.addAttribute("languages", StreamLanguages.ALL);
        model.addAttribute("anyKey", !keys.ofChannel(channel.id()).isEmpty());
        model.addAttribute("encoder", EncoderEvent.of(engine.live(channel.name())));
        model.addAttribute("past", broadcasting.past(channel.id(), 3));
        return "studio/dashboard";
    }

    @PostMapping("/studio/info")
    String describe(
            @RequestParam(defaultValue = "") String title,
            @RequestParam(defaultValue = "") String category,
            @RequestParam(defaultValue = "") String tags,
            @RequestParam(defaultValue = "") String language,
            @RequestParam(defaultValue = "false") boolean mature,
            @AuthenticationPrincipal AccountPrincipal principal,
            HttpServletResponse response,
            Model model) {
        ChannelView channel = channels.ofAccount(principal.accountId());
        String oneLine = title.replaceAll("\\p{Cntrl}+", " ").strip();
        if (oneLine.length() > Channels.MAX_TITLE) {
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(
                    channel,
                    new InfoForm(oneLine, category, tags, language, mature),
                    "studio.channel.title.length",
                    model);
        }
        channels.describe(
                channel.id(),
                new BroadcastInfo(
                        oneLine,
                        categories.find(category).map(CategoryView::id).orElse(null),
                        Tags.parse(WellFormed.cut(tags, 1_000)),
                        StreamLanguages.known(language) ? language : "",
                        mature));
        return "redirect:/studio?saved";
    }
}
