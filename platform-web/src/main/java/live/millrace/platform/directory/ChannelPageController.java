// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.directory;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.engine.MediaAddresses;
import live.millrace.platform.live.Broadcasting;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.server.ResponseStatusException;

/** A channel's page, at its name. */
@Controller
class ChannelPageController {
    private final Channels channels;
    private final Broadcasting broadcasting;
    private final MediaAddresses addresses;

    ChannelPageController(Channels channels, Broadcasting broadcasting, MediaAddresses addresses) {
        this.channels = channels;
        this.broadcasting = broadcasting;
        this.addresses = addresses;
    }

    @GetMapping("/{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}")
    String page(
            @PathVariable String name,
            @AuthenticationPrincipal @Nullable AccountPrincipal principal,
            HttpServletRequest request,
            Model model) {
        ChannelView channel = channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        if (!channel.name().equals(name)) {
            return "redirect:/" + channel.name();
        }
        model.addAttribute("channel", channel);
        model.addAttribute("stream", broadcasting.channel(channel.name()));
        model.addAttribute("hlsUrl", addresses.hls(request, channel.name()));
        model.addAttribute("owner", principal != null && principal.accountId() == channel.accountId());
        model.addAttribute(
                "others",
                broadcasting.directory().live().stream()
                        .filter(card -> !card.channel().equals(channel.name()))
                        .limit(4)
                        .toList());
        return "channel/page";
    }
}
