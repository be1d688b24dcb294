// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording;

import jakarta.servlet.http.HttpServletRequest;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.channel.ChannelView;
import org.jspecify.annotations.Nullable;
import org.springframework.ui.Model;

/** What stands below a video on its page: asked of the feature that has it. Thread-safe. */
public interface BelowVideo {
    /**
     * Adds it to the page's model.
     *
     * @param watcher who may see the video; null for whoever is not signed in
     */
    void show(
            VideoView video,
            ChannelView channel,
            @Nullable AccountPrincipal watcher,
            HttpServletRequest request,
            Model model);
}
