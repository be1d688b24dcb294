// SPDX-License-Identifier: Apache-2.0
/**
 * The chat on channel pages: rooms, messages, who may write, emotes; and comments below videos. Messages are stored before anybody sees
 * them.
 */
@ApplicationModule(
        allowedDependencies = {
            "shared",
            "shared :: web",
            "account",
            "audience",
            "audit",
            "channel",
            "delivery",
            "engine",
            "notification",
            "picture",
            "recording",
            "site",
            "socket"
        })
@NullMarked
package live.millrace.platform.chat;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
