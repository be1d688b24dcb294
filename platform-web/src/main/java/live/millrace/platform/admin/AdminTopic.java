// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.account.TokenScope;
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
    public TokenScope scope() {
        return TokenScope.MODERATE;
    }

    @Override
    public boolean owns(String name) {
        return name.equals(NAME);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        AccountPrincipal principal = page.principal();
        return principal != null && principal.staff()
                ? Optional.of(List.of(message(principal.accountId(), wall.now())))
                : Optional.empty();
    }

    /** To each their own: what is about them, or was reported by them, is not counted for them. */
    private AdminEvent message(long staffId, List<LiveWall.Tile> live) {
        return new AdminEvent(wall.seenBy(staffId, live), cases.waiting(staffId));
    }

    @Scheduled(fixedRate = 2_000)
    void tell() {
        if (sockets.anybody(NAME)) {
            List<LiveWall.Tile> live = wall.now();
            sockets.followers(NAME).accounts().forEach(staffId -> sockets.tell(NAME, staffId, message(staffId, live)));
        }
    }
}
