// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.moderation.Cases;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** {@code admin}: what is on air and what waits, every two seconds. For staff alone. */
@Component
class AdminTopic implements Topic {
    private static final String NAME = "admin";

    private final LiveWall wall;
    private final Cases cases;
    private final PageSockets sockets;

    AdminTopic(LiveWall wall, Cases cases, PageSockets sockets) {
        this.wall = wall;
        this.cases = cases;
        this.sockets = sockets;
    }

    @Override
    public boolean owns(String name) {
        return name.equals(NAME);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        AccountPrincipal principal = page.principal();
        return principal != null && principal.staff() ? Optional.of(List.of(message())) : Optional.empty();
    }

    private AdminEvent message() {
        return new AdminEvent(wall.now(), cases.waiting());
    }

    @Scheduled(fixedRate = 2_000)
    void tell() {
        if (sockets.anybody(NAME)) {
            sockets.publish(NAME, message());
        }
    }
}
