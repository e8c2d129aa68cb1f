package postgres

// distributed are the tables that are spread by workspace: all but that of the
// schema's version, of which every node has a copy.
var distributed = []string{"ec_head", "ec_contacts", "ec_keys", "ec_log", "ec_touched", "ec_acts", "ec_activities", "ec_records", "ec_index"}

// Citus returns the statements that spread the tables over the nodes of a
// Citus cluster, all rows of a workspace on one node. They are run once, on the
// coordinator, after the schema was made and best before there is any data;
// the schema meets what Citus asks: every key begins with the workspace, and
// there are no triggers, foreign keys, defaults nor sequences. A workspace's
// statements then go to its node alone, and a node that is down takes its own
// workspaces away and no others.
func Citus() []string {
	var out []string
	for i, table := range distributed {
		options := ""
		if i > 0 {
			options = ", colocate_with => '" + distributed[0] + "'"
		}
		out = append(out, "SELECT create_distributed_table('"+table+"', 'ws'"+options+")")
	}
	return append(out, "SELECT create_reference_table('extcontacts_schema')")
}
