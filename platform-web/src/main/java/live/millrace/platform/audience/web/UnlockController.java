// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.audience.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.OptionalInt;
import live.millrace.platform.account.NetworkTries;
import live.millrace.platform.audience.ChannelPasswords;
import live.millrace.platform.audience.Viewers;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Visibility;
import live.millrace.platform.shared.WayBack;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/** Takes the password of a channel that is shown to whoever knows one. */
@Controller
class UnlockController {
    private final Channels channels;
    private final ChannelPasswords passwords;
    private final Viewers viewers;
    private final NetworkTries tries;

    UnlockController(Channels channels, ChannelPasswords passwords, Viewers viewers, NetworkTries tries) {
        this.channels = channels;
        this.passwords = passwords;
        this.viewers = viewers;
        this.tries = tries;
    }

    @PostMapping("/{name:[A-Za-z0-9][A-Za-z0-9_-]{2,23}}/unlock")
    String unlock(
            @PathVariable String name,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(name = WayBack.PARAMETER, defaultValue = "") String back,
            HttpServletRequest request) {
        // What was recorded may have the password when the channel has it no more.
        ChannelView channel = channels.find(name)
                .filter(found -> found.visibility() == Visibility.PASSWORD
                        || passwords.version(found.id()).isPresent())
                .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
        String page = "redirect:" + WayBack.orElse(back, "/" + channel.name());
        if (!tries.take(NetworkTries.Work.CHANNEL_PASSWORD, String.valueOf(request.getRemoteAddr()))
                .isZero()) {
            return page + "?password=wait";
        }
        OptionalInt version = passwords.said(channel.id(), password);
        if (version.isEmpty()) {
            return page + "?password=wrong";
        }
        viewers.unlock(request, channel.id(), version.getAsInt());
        return page;
    }
}
