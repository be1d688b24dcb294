// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import live.millrace.platform.audience.Tickets;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.engine.LiveState;
import live.millrace.platform.live.Broadcasting;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Who may watch a channel. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class AudienceController {
    private final ShownTo shown;
    private final Tickets tickets;
    private final Broadcasting broadcasting;

    AudienceController(ShownTo shown, Tickets tickets, Broadcasting broadcasting) {
        this.shown = shown;
        this.tickets = tickets;
        this.broadcasting = broadcasting;
    }

    @GetMapping("/audience")
    String form(Studio studio, Model model) {
        return page(studio, studio.channel().visibility().name(), shown.after(studio.channel()) != null, model);
    }

    private String page(Studio studio, String chosen, boolean once, Model model) {
        LiveState state = broadcasting.channel(studio.channel()).state();
        model.addAttribute("once", once);
        model.addAttribute("after", shown.after(studio.channel()));
        model.addAttribute("running", state != LiveState.OFFLINE && state != LiveState.ENDED);
        model.addAttribute("visibilities", Visibility.values());
        model.addAttribute("chosen", chosen);
        model.addAttribute("players", tickets.players(studio.channel().id()));
        model.addAttribute("locked", shown.locked(studio.channel()));
        return "studio/audience";
    }

    @PostMapping("/audience")
    String choose(
            Studio studio,
            @RequestParam(defaultValue = "") String visibility,
            @RequestParam(defaultValue = "false") boolean once,
            @RequestParam(defaultValue = "") String password,
            HttpServletResponse response,
            Model model) {
        Optional<String> error = shown.choose(studio.channel(), visibility, once, password);
        if (error.isPresent()) {
            model.addAttribute("error", error.get());
            response.setStatus(HttpStatus.UNPROCESSABLE_CONTENT.value());
            return page(studio, visibility, once, model);
        }
        return studio.redirect("/audience?saved");
    }

    /** Takes back an address for a player elsewhere. */
    @PostMapping("/audience/players/{id}/revoke")
    String revoke(Studio studio, @PathVariable long id) {
        tickets.revoke(studio.channel().id(), id);
        return studio.redirect("/audience?revoked#players");
    }
}
