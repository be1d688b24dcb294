// The console.
import '../admin/admin.css';
import '../admin/admin-live';
