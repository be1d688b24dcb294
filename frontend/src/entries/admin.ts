// The console.
import '../admin/admin.css';
import '../admin/admin-live';
import '../admin/bulk-table';
import '../admin/evidence-player';
