// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.recording.web;

import java.util.Optional;
import live.millrace.platform.account.AccountPrincipal;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.recording.VideoDesk;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Changes videos for whoever may; what staff do is logged with its reason, in one transaction. */
@Component
class StaffActs {
    private static final int MAX_REASON = 500;

    private final VideoDesk desk;
    private final Audit audit;

    StaffActs(VideoDesk desk, Audit audit) {
        this.desk = desk;
        this.audit = audit;
    }

    private static boolean unreasoned(WatchedVideo.Found found, String reason) {
        return found.rights().staff() && (reason.isBlank() || reason.length() > MAX_REASON);
    }

    private void log(WatchedVideo.Found found, AccountPrincipal person, String action, String reason, String details) {
        if (found.rights().staff()) {
            audit.add(
                    person.actor(),
                    action,
                    found.channel().name() + " " + found.video().id(),
                    found.channel().accountId(),
                    reason.strip(),
                    details);
        }
    }

    @Transactional
    public Optional<String> edit(
            WatchedVideo.Found found, AccountPrincipal person, VideoDesk.Edit edit, String reason) {
        if (unreasoned(found, reason)) {
            return Optional.of("video.said.reason");
        }
        Optional<String> against =
                desk.edit(found.video().id(), edit, found.rights().staff());
        if (against.isEmpty()) {
            log(
                    found,
                    person,
                    "video.edit",
                    reason,
                    edit.visibility() == null ? "" : edit.visibility().name());
        }
        return against;
    }

    @Transactional
    public Optional<String> delete(WatchedVideo.Found found, AccountPrincipal person, String reason) {
        if (unreasoned(found, reason)) {
            return Optional.of("video.said.reason");
        }
        Optional<String> against = desk.delete(
                found.video().id(), person.accountId(), found.rights().staff());
        if (against.isEmpty()) {
            log(found, person, "video.delete", reason, found.video().title());
        }
        return against;
    }

    @Transactional
    public boolean restore(WatchedVideo.Found found, AccountPrincipal person, String reason) {
        boolean done = desk.restore(found.video().id(), found.rights().staff());
        if (done) {
            log(found, person, "video.restore", reason, found.video().title());
        }
        return done;
    }
}
