// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.studio.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.studio.EncoderEvent;
import live.millrace.platform.studio.StreamHistory;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;

/** Going live from the page itself, with a camera or the screen. What the page's script does is {@link BrowserKeyApi}'s and the engine's. */
@Controller
@RequestMapping({"/studio", "/studio/@{channel}"})
class GoLiveController {
    /** Secure Contexts §3.1: where browsers trust what came without encryption. */
    private static final Pattern LOCAL = Pattern.compile("(.+\\.)?localhost|127(\\.\\d+){3}|\\[::1]|::1");

    private final Engine engine;
    private final StreamHistory history;
    private final MediaAddresses addresses;

    GoLiveController(Engine engine, StreamHistory history, MediaAddresses addresses) {
        this.engine = engine;
        this.history = history;
        this.addresses = addresses;
    }

    @GetMapping("/live")
    String page(Studio studio, HttpServletRequest request, Model model) {
        model.addAttribute(
                "encoder", EncoderEvent.of(engine.live(studio.channel().name()), history));
        model.addAttribute("whip", addresses.whip(request).orElse(null));
        // Browsers give cameras and microphones to pages that nobody can have changed on the way.
        model.addAttribute(
                "trusted",
                request.isSecure() || LOCAL.matcher(request.getServerName()).matches());
        return "studio/live";
    }
}
