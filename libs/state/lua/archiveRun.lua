-- Keeps an ended run as one value, unless it has moved since it was read.
--
-- KEYS  leader   string
--       run      hash
--       live     set
--       ended    zset
--       tasks    hash
--       tries    hash
--       outputs  hash
--       history  list
--       notes    hash
--       remarks  hash
--       acts     hash
--       stops    hash
-- ARGV  token          the leader's
--       runId
--       rev            revision that was read
--       historyLength  number of entries that were read
--       archive        bytes
-- returns 1 | 0 when another leader is in office, or the run has moved
local leader, run, live, ended, tasks, tries, outputs, history, notes, remarks, acts, stops = unpack(KEYS)
local token, runId, rev, historyLength, archive = unpack(ARGV)

if redis.call('GET', leader) ~= token then return 0 end
local known = redis.call('HMGET', run, 'rev', 'state')
if known[1] ~= rev or known[2] == 'queued' or known[2] == 'running' then return 0 end
-- A task that a person retries has begun, or an act waits.
if redis.call('SISMEMBER', live, runId) == 1 then return 0 end
-- Whatever is written about an ended run adds to its history: a dispute, a note, a line of the board.
if redis.call('LLEN', history) ~= tonumber(historyLength) then return 0 end

redis.call('HSET', run, 'archive', archive)
redis.call('DEL', tasks, tries, outputs, history, notes, remarks, acts, stops)
redis.call('ZREM', ended, runId)
return 1
