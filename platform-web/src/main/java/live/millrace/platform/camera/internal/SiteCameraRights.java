// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.camera.internal;

import java.sql.Timestamp;
import java.time.Clock;
import live.millrace.platform.account.Accounts;
import live.millrace.platform.account.Role;
import live.millrace.platform.camera.CameraRights;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class SiteCameraRights implements CameraRights {
    private final JdbcClient database;
    private final Accounts accounts;
    private final SiteSettings settings;
    private final ApplicationEventPublisher events;
    private final Clock clock;

    SiteCameraRights(
            JdbcClient database,
            Accounts accounts,
            SiteSettings settings,
            ApplicationEventPublisher events,
            Clock clock) {
        this.database = database;
        this.accounts = accounts;
        this.settings = settings;
        this.events = events;
        this.clock = clock;
    }

    @Override
    public May of(long accountId) {
        boolean given = database.sql("select exists (select from camera_right where account_id = ?)")
                .param(accountId)
                .query(Boolean.class)
                .single();
        return accounts.find(accountId)
                .map(account -> may(
                        cameras(account.role()) && !account.suspended() && !account.streamSuspended(),
                        privateNetworks(account.role(), given),
                        given))
                .orElseGet(() -> may(false, false, false));
    }

    private May may(boolean cameras, boolean privateNetworks, boolean given) {
        return new May(
                cameras,
                privateNetworks,
                given,
                cameras
                        && privateNetworks
                        && settings.text(Setting.CAMERA_SEARCH).equals("on"));
    }

    /** Whether a role may have cameras at all: where it may go on air. */
    boolean cameras(Role role) {
        return settings.text(Setting.CAMERAS).equals("on")
                && (role.atLeast(Role.STREAMER)
                        || !settings.text(Setting.WHO_STREAMS).equals("streamers"));
    }

    static boolean privateNetworks(Role role, boolean given) {
        return given || role.atLeast(Role.ADMIN);
    }

    @Override
    @Transactional
    public boolean give(long accountId, boolean privateNetworks) {
        int changed = privateNetworks
                ? database.sql("insert into camera_right (account_id, given_at) values (?, ?) on conflict do nothing")
                        .param(accountId)
                        .param(Timestamp.from(clock.instant()))
                        .update()
                : database.sql("delete from camera_right where account_id = ?")
                        .param(accountId)
                        .update();
        if (changed > 0) {
            events.publishEvent(new CamerasChanged(null));
        }
        return changed > 0;
    }
}
