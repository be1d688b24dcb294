// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.engine.Engine;
import live.millrace.platform.socket.Page;
import live.millrace.platform.socket.PageSockets;
import live.millrace.platform.socket.Topic;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** {@code admin}: all live streams, every two seconds. For admins alone. */
@Component
class AdminTopic implements Topic {
    private static final String NAME = "admin";

    private final ObjectProvider<Engine> engine;
    private final PageSockets sockets;

    AdminTopic(ObjectProvider<Engine> engine, PageSockets sockets) {
        this.engine = engine;
        this.sockets = sockets;
    }

    @Override
    public boolean owns(String name) {
        return name.equals(NAME);
    }

    @Override
    public Optional<List<?>> join(String name, Page page, long since) {
        AccountPrincipal principal = page.principal();
        return principal != null && principal.admin()
                ? Optional.of(List.of(new AdminMessage(engine.getObject().live())))
                : Optional.empty();
    }

    @Scheduled(fixedDelay = 2_000)
    void tell() {
        if (sockets.anybody(NAME)) {
            sockets.publish(NAME, new AdminMessage(engine.getObject().live()));
        }
    }
}
