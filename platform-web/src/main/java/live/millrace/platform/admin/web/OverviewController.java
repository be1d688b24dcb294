// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.admin.LiveWall;
import live.millrace.platform.admin.SiteVitals;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.live.Broadcasting;
import live.millrace.platform.moderation.StaffRights;
import live.millrace.platform.shared.WellFormed;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import live.millrace.platform.updates.Updates;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The console's first page: who is live, what waits. For everybody but staff the console does not exist. */
@Controller
class OverviewController {
    private static final int MAX_BLOCK_MINUTES = 7 * 24 * 60;
    private static final int MAX_SEARCH = 80;
    private static final int FOUND = 10;

    private final LiveWall wall;
    private final SiteVitals vitals;
    private final Broadcasting broadcasting;
    private final ConsoleLists lists;
    private final SiteSettings settings;
    private final Audit audit;
    private final Channels channels;
    private final StaffRights rights;
    private final SetupSteps steps;
    private final Updates updates;

    OverviewController(
            LiveWall wall,
            SiteVitals vitals,
            Broadcasting broadcasting,
            ConsoleLists lists,
            SiteSettings settings,
            Audit audit,
            Channels channels,
            StaffRights rights,
            SetupSteps steps,
            Updates updates) {
        this.updates = updates;
        this.steps = steps;
        this.channels = channels;
        this.rights = rights;
        this.wall = wall;
        this.vitals = vitals;
        this.broadcasting = broadcasting;
        this.lists = lists;
        this.settings = settings;
        this.audit = audit;
    }

    @GetMapping("/admin")
    String overview(@AuthenticationPrincipal AccountPrincipal staff, Model model) {
        if (staff.admin()) {
            model.addAttribute("vitals", vitals.now());
            model.addAttribute("setupLeft", steps.left(staff));
            updates.news().ifPresent(news -> model.addAttribute("news", news));
        }
        model.addAttribute("live", wall.now(staff.accountId()));
        model.addAttribute("figures", lists.figures());
        model.addAttribute("strangers", broadcasting.strangers());
        model.addAttribute("blockMinutes", settings.number(Setting.KEY_BLOCK_MINUTES));
        return "admin/index";
    }

    /** Puts the notice of a newer version away, until there is a newer one still. */
    @PostMapping("/admin/updates/dismiss")
    String dismiss(@RequestParam(defaultValue = "") String version, @AuthenticationPrincipal AccountPrincipal admin) {
        updates.dismiss(version, admin.actor());
        return "redirect:/admin";
    }

    /** People and channels whose names begin so, a few of each. */
    @GetMapping("/admin/search")
    String search(
            @RequestParam(defaultValue = "") String q, @AuthenticationPrincipal AccountPrincipal staff, Model model) {
        String asked = WellFormed.cut(q.strip(), MAX_SEARCH);
        model.addAttribute("found", asked);
        List<ConsoleLists.UserRow> users = asked.isEmpty()
                ? List.of()
                : lists.users(asked, "", "", "", staff.admin()).items().stream()
                        .limit(FOUND)
                        .toList();
        Looks.mailSearch(audit, staff, asked, users);
        model.addAttribute("users", users);
        model.addAttribute(
                "channels",
                asked.isEmpty()
                        ? List.of()
                        : lists.channels(asked, "", "").items().stream()
                                .limit(FOUND)
                                .toList());
        return "admin/search";
    }

    @PostMapping("/admin/streams/end")
    String end(
            @RequestParam String channel,
            @RequestParam(defaultValue = "-1") int minutes,
            @RequestParam(defaultValue = "RULES") String reason,
            @AuthenticationPrincipal AccountPrincipal staff,
            Model model,
            HttpServletResponse response) {
        if (channels.find(channel).filter(found -> rights.senior(staff, found)).isPresent()) {
            return Refusals.page("admin.said.senior", model, response);
        }
        int block =
                minutes < 0 ? settings.number(Setting.KEY_BLOCK_MINUTES) : Math.clamp(minutes, 0, MAX_BLOCK_MINUTES);
        boolean picture = broadcasting.takeDownPicture(channel);
        boolean ended = broadcasting.endAndBlock(channel, Duration.ofMinutes(block));
        if (ended) {
            audit.add(staff.actor(), "stream.end", channel, null, Reasons.text(reason), block + " min");
        } else if (picture) {
            // It was over already, and what stayed of it is gone.
            audit.add(staff.actor(), "picture.remove", channel, null, Reasons.text(reason), "");
        }
        return "redirect:/admin?" + (ended ? "ended" : "gone");
    }
}
