// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import live.millrace.platform.audience.Access;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.server.ResponseStatusException;

/**
 * That a video or a clip is not for whoever asks, who can do something about it. Its page says what; for all else it is not there, in the
 * words for what never was.
 */
final class LockedException extends ResponseStatusException {
    private static final long serialVersionUID = 1L;

    private final transient ChannelView channel;
    private final Access access;

    LockedException(String missing, ChannelView channel, Access access) {
        super(HttpStatus.NOT_FOUND, missing);
        this.channel = channel;
        this.access = access;
    }

    /**
     * The page that says so: whose it is, and nothing of what it is.
     *
     * @param back its address, to which the way in leads back
     * @param unlock why a password did not open it; null where none was said
     */
    String page(String back, @Nullable String unlock, Model model) {
        model.addAttribute("unlock", unlock);
        model.addAttribute("channel", channel.withheld());
        model.addAttribute("access", access);
        model.addAttribute("back", back);
        model.addAttribute("noindex", true);
        return "video/locked";
    }
}
