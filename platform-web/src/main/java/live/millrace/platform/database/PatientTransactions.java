// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.database;

import live.millrace.platform.shared.AfterRelease;
import live.millrace.platform.shared.DatabaseState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedRuntimeException;
import org.springframework.dao.DataAccessException;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/**
 * Transactions whose connection may die. Nothing has to be rolled back on a connection that is gone, for its server has done so; that it
 * cannot be must not take the place of the failure that tells why. Of a commit whose answer is lost nobody says that it was rolled back.
 * What follows a transaction is done when its connection is back.
 */
final class PatientTransactions extends JpaTransactionManager {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(PatientTransactions.class);

    @Override
    protected void doBegin(Object transaction, TransactionDefinition definition) {
        super.doBegin(transaction, definition);
        AfterRelease.begun();
    }

    @Override
    protected void doCleanupAfterCompletion(Object transaction) {
        try {
            super.doCleanupAfterCompletion(transaction);
        } finally {
            AfterRelease.released();
        }
    }

    @Override
    protected void doCommit(DefaultTransactionStatus status) {
        try {
            super.doCommit(status);
        } catch (DataAccessException e) {
            if (!DatabaseState.causes(e)) {
                throw e;
            }
            // Of this type alone it is told on that the outcome is unknown; after any other the rollback counts, and
            // there is nothing left to roll back.
            throw new TransactionSystemException("It is not known whether this was committed", e);
        }
    }

    @Override
    protected void doRollback(DefaultTransactionStatus status) {
        try {
            super.doRollback(status);
        } catch (NestedRuntimeException e) {
            LOG.debug("A transaction ended with its connection", e);
        }
    }
}
