// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.channel.web;

import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import live.millrace.platform.channel.Channels;
import live.millrace.platform.channel.Follows;
import live.millrace.platform.shared.WayBack;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.server.ResponseStatusException;

/** Follow and unfollow: a form of the channel's page, and the same for scripts. */
@Controller
class FollowController {
    /** @param followers how many follow the channel now */
    record Following(boolean follows, int followers) {}

    private final Channels channels;
    private final Follows follows;

    FollowController(Channels channels, Follows follows) {
        this.channels = channels;
        this.follows = follows;
    }

    private ChannelView channel(String name) {
        return channels.find(name).orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    }

    @PostMapping("/follow/{name}")
    String form(
            @PathVariable String name,
            @RequestParam(defaultValue = "true") boolean follow,
            @RequestParam(name = WayBack.PARAMETER, defaultValue = "") String back,
            @AuthenticationPrincipal AccountPrincipal principal) {
        ChannelView channel = channel(name);
        Follows.Outcome outcome = follow
                ? follows.follow(principal.accountId(), channel.id())
                : follows.unfollow(principal.accountId(), channel.id());
        return outcome == Follows.Outcome.TOO_MANY
                ? "redirect:/" + channel.name() + "?follow-limit"
                : "redirect:" + WayBack.orElse(back, "/" + channel.name());
    }

    @PutMapping("/api/v1/channels/{name}/follow")
    @ResponseBody
    Following follow(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal principal) {
        ChannelView channel = channel(name);
        return switch (follows.follow(principal.accountId(), channel.id())) {
            case DONE, UNCHANGED -> new Following(true, channel(name).followers());
            case OWN_CHANNEL ->
                throw new ResponseStatusException(HttpStatus.UNPROCESSABLE_CONTENT, "This is your own channel.");
            case TOO_MANY ->
                throw new ResponseStatusException(
                        HttpStatus.UNPROCESSABLE_CONTENT, "You follow as many channels as one can.");
        };
    }

    @DeleteMapping("/api/v1/channels/{name}/follow")
    @ResponseBody
    Following unfollow(@PathVariable String name, @AuthenticationPrincipal AccountPrincipal principal) {
        follows.unfollow(principal.accountId(), channel(name).id());
        return new Following(false, channel(name).followers());
    }
}
