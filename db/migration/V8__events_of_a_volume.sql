-- The last events of one volume are found without reading those of all others.

create index volume_event_by_volume on volume_event (node_id, volume_id, position);
