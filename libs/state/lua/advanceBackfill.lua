-- The leader notes how far a backfill has got.
--
-- KEYS  leader     string
--       backfill   hash
--       backfills  zset: id by creation
--       open       set of the ids of those with something left to do
--       events     stream
-- ARGV  token    the leader's
--       id
--       cursor
--       active   JSON list of run ids
--       counts   JSON
--       endedAt  ms when nothing is left to do, or empty
--       keepMs   ms that an ended one is kept
-- returns the state | nil when another leader is in office
local leader, backfill, backfills, open, events = unpack(KEYS)
local token, id, cursor, active, counts, endedAt, keepMs = unpack(ARGV)

if redis.call('GET', leader) ~= token then return nil end
local state = redis.call('HGET', backfill, 'state')
if not state then return nil end

redis.call('HSET', backfill, 'cursor', cursor, 'active', active, 'counts', counts)
if endedAt ~= '' then
  if state ~= 'cancelled' then state = 'done' end
  redis.call('HSET', backfill, 'state', state, 'endedAt', endedAt)
  redis.call('SREM', open, id)
  redis.call('PEXPIRE', backfill, keepMs)
  redis.call('ZREMRANGEBYSCORE', backfills, '-inf', '(' .. (endedAt - keepMs))
end
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'backfill', id, 'state', state, 'at', '')
return state
