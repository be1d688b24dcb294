// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.moderation.internal;

import java.io.IOException;
import java.util.Map;
import live.millrace.platform.delivery.Deliveries;
import live.millrace.platform.delivery.Delivery;
import live.millrace.platform.delivery.DeliveryHandler;
import live.millrace.platform.delivery.Outcome;
import org.springframework.stereotype.Component;

/** Removes the files of a case whose time is over. */
@Component
class EvidenceRemoval implements DeliveryHandler {
    private static final String KIND = "evidence.remove";

    private final Deliveries deliveries;
    private final EvidenceFiles files;

    EvidenceRemoval(Deliveries deliveries, EvidenceFiles files) {
        this.deliveries = deliveries;
        this.files = files;
    }

    /** Within the transaction that forgets what the database knows of them. */
    void enqueue(long caseId) {
        deliveries.enqueue(KIND, "#" + caseId, Map.of("case", caseId), null);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public boolean inDatabase() {
        return false;
    }

    @Override
    public Outcome deliver(Delivery delivery) {
        try {
            files.delete(delivery.body().path("case").asLong());
            return Outcome.DONE;
        } catch (IOException e) {
            return new Outcome.Later(e.getClass().getSimpleName());
        }
    }
}
