-- One row is one pool member; rows of one service are put together.
CREATE TABLE vips (
  id          INTEGER PRIMARY KEY,
  service     VARCHAR(100) NOT NULL,
  vip         VARCHAR(45)  NOT NULL,
  port        INTEGER      NOT NULL,
  protocol    VARCHAR(10),
  server      VARCHAR(45)  NOT NULL,
  server_port INTEGER      NOT NULL,
  weight      INTEGER,
  state       VARCHAR(10),
  updated_at  TIMESTAMP    NOT NULL DEFAULT CURRENT_TIMESTAMP
);
