-- The leader decides that updates of assets ask for a run of a DAG. Written before the run is created, so that neither a crash nor an update
-- that comes between makes two of it.
--
-- KEYS  leader  string
--       seen    hash: DAG id -> number of the last update that a run has heard of
--       runs    hash: DAG id -> JSON of a run that is not created yet
-- ARGV  token   the leader's
--       dagId
--       from    the number in seen that was decided from
--       to      the number after it
--       header  JSON of the run, or empty: nothing is asked for, but updates so far are passed over
-- returns 1 | 0 when another leader is in office or was faster
local leader, seen, runs = unpack(KEYS)
local token, dagId, from, to, header = unpack(ARGV)

if redis.call('GET', leader) ~= token then return 0 end
if (redis.call('HGET', seen, dagId) or '') ~= from then return 0 end
if redis.call('HEXISTS', runs, dagId) == 1 then return 0 end

redis.call('HSET', seen, dagId, to)
if header ~= '' then redis.call('HSET', runs, dagId, header) end
return 1
